/** Of the report: light and dark, narrow and wide, and on paper. */
export const styleSheet = `
:root{color-scheme:light dark;--ground:#fff;--text:#1b1f24;--muted:#57606a;--line:#d0d7de;--panel:#f6f8fa;--first:#0b62c4;--second:#b35900;--bad:#b42318;--good:#116329}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#e6edf3;--muted:#9aa4af;--line:#30363d;--panel:#161b22;--first:#6cb0ff;--second:#ffa657;--bad:#ff8a80;--good:#5dd27a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1360px;padding:24px 16px 48px;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:32px 0 8px}h3{font-size:1rem;margin:18px 0 6px}
p,ul{margin:4px 0 12px}.muted,.empty{color:var(--muted)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:16px 0;padding:0}
.numbers div{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.numbers dt{color:var(--muted);font-size:.85rem}.numbers dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:16px}
figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px}
figcaption{font-weight:600;margin-bottom:6px}svg{width:100%;height:auto;display:block}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--muted);stroke-width:1}.guide{stroke:var(--muted);stroke-dasharray:4 4;fill:none}
.tick,.label{fill:var(--muted);font-size:11px;font-family:inherit}
.line{fill:none;stroke-width:2;stroke-linejoin:round}.line.first{stroke:var(--first)}.line.second{stroke:var(--second);stroke-dasharray:6 4}
.bars.first,.dots.first{fill:var(--first)}.bars.second,.dots.second{fill:var(--second)}.dots{fill-opacity:.65}
.legend{margin:6px 0 0;display:flex;gap:16px;font-size:.85rem}.legend span::before{content:"";display:inline-block;width:18px;margin-right:6px;vertical-align:middle;border-top:3px solid}
.legend .first::before{border-color:var(--first)}.legend .second::before{border-color:var(--second);border-top-style:dashed}
.table{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th{background:var(--panel)}
th:first-child,td:first-child,.text{text-align:left}tr:last-child td{border-bottom:0}.loss{color:var(--bad)}.gain{color:var(--good)}
code{overflow-wrap:anywhere}
@media print{body{max-width:none}figure,.table{break-inside:avoid}}
`.trim()

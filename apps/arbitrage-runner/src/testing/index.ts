export { CommandLine } from './command-line.js'

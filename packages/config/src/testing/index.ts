export { TemporaryFolder } from './temporary-folder.js'

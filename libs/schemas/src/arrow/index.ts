export { toArrowSchema } from './arrow-schema.js';

// What the rest of the gateway may know of account groups.
export { Groups } from './groups.service.ts';

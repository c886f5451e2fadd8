// What the rest of the gateway may know of settings.
export { environmentDefaults } from './environment.ts';
export { Settings } from './settings.ts';

// What the rest of the gateway may know of settings.
export { environmentDefaults } from './environment.ts';
export { type EnvironmentDefaults, Settings } from './settings.ts';

// Owns the areas of one language; each is a file of its own.
import accounts from './accounts.json';
import audit from './audit.json';
import auth from './auth.json';
import common from './common.json';
import dashboard from './dashboard.json';
import errors from './errors.json';
import groups from './groups.json';
import keyStatus from './keyStatus.json';
import keys from './keys.json';
import kinds from './kinds.json';
import pricing from './pricing.json';
import requests from './requests.json';
import setup from './setup.json';
import settings from './settings.json';
import shell from './shell.json';
import usage from './usage.json';

export const messages = {
  accounts,
  audit,
  auth,
  common,
  dashboard,
  errors,
  groups,
  keys,
  keyStatus,
  kinds,
  pricing,
  requests,
  settings,
  setup,
  shell,
  usage,
};

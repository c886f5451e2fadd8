// Owns the client object: the contract of `@crs/shared` over fetch, with the session cookie.
import { API_PREFIX, api, createClient } from '@crs/shared';

export const client = createClient(api, { baseUrl: API_PREFIX });

// Owns how the console talks to the gateway. The typed client and its schemas are a chunk of their own: a page
// can show itself before they have arrived.
import type { ApiError, api, Client } from '@crs/shared';
import { noteSessionLoss, noteSessionUse } from './session-life';

export type ApiClient = Client<typeof api>;

const loadClient = () => import('./api-client');

/** Runs one call of the typed client: `callApi((client) => client.keys.list({ query }))`. */
export async function callApi<Result>(use: (client: ApiClient) => Promise<Result>): Promise<Result> {
  try {
    const result = await callOpenApi(use);
    noteSessionUse();
    return result;
  } catch (error) {
    // Here and not in the query library: forms and small changes call without it.
    if (isApiError(error) && error.code === 'not_signed_in') noteSessionLoss();
    throw error;
  }
}

/** The same for what needs no session, and so does not keep one alive. */
export async function callOpenApi<Result>(use: (client: ApiClient) => Promise<Result>): Promise<Result> {
  const { client } = await loadClient();
  return use(client);
}

/** Starts loading the client, for pages that will need it soon. */
export function warmApi(): void {
  void loadClient();
}

/** Tells a refusal of the gateway from every other failure, without loading the contract. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError' && 'problem' in error;
}

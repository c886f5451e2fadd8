// Owns how a call becomes a request to Azure: of its v1 API, where the deployment is the body's model, or of a dated one,
// where most calls have it in their address.
import { withMembers } from '../../platform/json-members.ts';
import { openAiRequest, withoutVersion } from '../kit/openai-request.ts';
import { withoutKeyQuery } from '../kit/query.ts';
import type { PreparedRequest, UpstreamCall } from '../provider.ts';
import { deploymentOf, type Deployments, testedDeployment } from './deployments.ts';

/** Endpoints come in several habits: as the portal shows them, or as an SDK's base URL. */
const API_PATH = /(?:\/+openai(?:\/+v1)?)?\/*$/;
const V1_VERSIONS: ReadonlySet<string> = new Set(['', 'v1', 'preview']);
/** Dated calls that name the deployment in their body. */
const RESPONSES = '/responses';

interface Target {
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly deployments: Deployments;
}

export function prepareAzure(call: UpstreamCall, target: Target, apiKey: string): PreparedRequest {
  const { apiVersion, deployments } = target;
  const { origin, pathname } = new URL(target.endpoint);
  const model = call.upstreamModel;
  const deployment = deploymentOf(model, deployments) ?? testedDeployment(model, deployments) ?? model;
  const { path, version, isNamedByBody } = placeOf(withoutVersion(call.path), apiVersion, deployment);
  return openAiRequest(call, {
    origin,
    path: `${pathname.replace(API_PATH, '')}/openai${path}${queryOf(call, version)}`,
    credential: ['api-key', apiKey],
    body: isNamedByBody ? bodyFor(deployment, call) : call.body,
  });
}

interface Place {
  readonly path: string;
  readonly version: string | null;
  readonly isNamedByBody: boolean;
}

function placeOf(operation: string, apiVersion: string, deployment: string): Place {
  if (V1_VERSIONS.has(apiVersion)) {
    const version = apiVersion === 'preview' ? apiVersion : null;
    return { path: `/v1${operation}`, version, isNamedByBody: true };
  }
  if (operation.startsWith(RESPONSES)) return { path: operation, version: apiVersion, isNamedByBody: true };
  const path = `/deployments/${encodeURIComponent(deployment)}${operation}`;
  return { path, version: apiVersion, isNamedByBody: false };
}

function bodyFor(deployment: string, { body, upstreamModel, facts }: UpstreamCall): Buffer {
  const saysSo = upstreamModel === facts.model && deployment === facts.model;
  return saysSo ? body : withMembers(body, { model: JSON.stringify(deployment) });
}

/** The client's own, but the version is the account's: clients of Azure always name one. */
function queryOf(call: UpstreamCall, apiVersion: string | null): string {
  const kept = withoutKeyQuery(call.query)
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('api-version='));
  if (apiVersion !== null) kept.push(`api-version=${apiVersion}`);
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

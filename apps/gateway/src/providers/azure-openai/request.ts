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
  const deployment =
    deploymentOf(call.upstreamModel, deployments) ??
    testedDeployment(call.upstreamModel, deployments) ??
    call.upstreamModel;
  const isV1 = V1_VERSIONS.has(apiVersion);
  const operation = withoutVersion(call.path);
  const isInBody = isV1 || operation.startsWith(RESPONSES);
  const path = isV1
    ? `/openai/v1${operation}`
    : isInBody
      ? `/openai${operation}`
      : `/openai/deployments/${encodeURIComponent(deployment)}${operation}`;
  return openAiRequest(call, {
    origin,
    path: `${pathname.replace(API_PATH, '')}${path}${queryOf(call, isV1 && apiVersion !== 'preview' ? null : apiVersion)}`,
    credential: ['api-key', apiKey],
    body:
      isInBody && deployment !== call.facts.model
        ? withMembers(call.body, { model: JSON.stringify(deployment) })
        : call.body,
  });
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

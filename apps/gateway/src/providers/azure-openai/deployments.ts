// Owns which deployment of an Azure resource answers a model.
import { isEmbedding, OPENAI_TEST_MODEL } from '../kit/openai-test-call.ts';

/** Deployment by model. */
export type Deployments = Readonly<Record<string, string>>;

/** Null where models are listed and this one is not; without a list deployments are called like their models. */
export function deploymentOf(model: string, deployments: Deployments): string | null {
  if (Object.hasOwn(deployments, model)) return deployments[model] ?? null;
  return Object.keys(deployments).length === 0 ? model : null;
}

/** The connection test does not know the list, and any deployment that can answer will do for it. */
export function testedDeployment(model: string, deployments: Deployments): string | null {
  if (model !== OPENAI_TEST_MODEL) return null;
  return Object.entries(deployments).find(([answered]) => !isEmbedding(answered))?.[1] ?? null;
}

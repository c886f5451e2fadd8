// Owns what the gateway itself answers to Code Assist's clients: who they are, what they may use, what is tried on them.
// A holder of a relay key needs no Google project; the gateway's accounts have theirs.
import type { JsonObject } from '../../platform/json.ts';

/** Where a client names no project of its own. */
const PROJECT = 'gateway';
const STANDARD_TIER = {
  id: 'standard-tier',
  name: 'Gemini Code Assist',
  description: 'Served by this gateway',
  isDefault: true,
  userDefinedCloudaicompanionProject: true,
} as const;

type Answer = (body: JsonObject) => JsonObject;

const ANSWERS: Readonly<Record<string, Answer>> = {
  loadCodeAssist: (body) => ({
    currentTier: STANDARD_TIER,
    allowedTiers: [STANDARD_TIER],
    ineligibleTiers: [],
    cloudaicompanionProject: projectOf(body),
    gcpManaged: false,
  }),
  onboardUser: operation,
  retrieveUserQuota: () => ({ buckets: [] }),
  listExperiments: () => ({ experimentIds: [], flags: [] }),
  fetchAdminControls: () => ({}),
  getCodeAssistGlobalUserSetting: (body) => ({
    cloudaicompanionProject: projectOf(body),
    freeTierDataCollectionOptin: false,
  }),
  setCodeAssistGlobalUserSetting: (body) => ({
    cloudaicompanionProject: projectOf(body),
    freeTierDataCollectionOptin: false,
  }),
  recordCodeAssistMetrics: () => ({}),
};

/** Answer to `POST /v1internal:<method>`; null where the method is none of them. */
export function answerHousekeeping(method: string, body: JsonObject): JsonObject | null {
  return Object.hasOwn(ANSWERS, method) ? (ANSWERS[method]?.(body) ?? null) : null;
}

/** Answer to `GET /v1internal/operations/…`: what was to be set up is. */
export function answerOperation(): JsonObject {
  return operation({});
}

function operation(body: JsonObject): JsonObject {
  const id = projectOf(body);
  return {
    name: 'operations/onboard',
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.internal.cloud.code.v1internal.OnboardUserResponse',
      cloudaicompanionProject: { id, name: id },
    },
  };
}

function projectOf(body: JsonObject): string {
  const project = body['cloudaicompanionProject'];
  return typeof project === 'string' && project !== '' ? project : PROJECT;
}

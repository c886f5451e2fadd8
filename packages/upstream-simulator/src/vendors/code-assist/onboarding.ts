// Who may use Code Assist: tiers, the project of each account, and the operation that sets an account up.
import { type JsonObject, objectOf, stringOf } from '../../json.ts';
import { digest, seededId } from '../../seed.ts';
import type { Failure } from '../vendor.ts';

const FREE = 'free-tier';
const STANDARD = 'standard-tier';
/** An account whose name or token says so was never set up. */
const NEW_ACCOUNT = /\bnew\b/u;

const TIERS = {
  [FREE]: {
    id: FREE,
    name: 'Gemini Code Assist for individuals',
    description: 'Gemini-powered code suggestions and chat in your IDE',
    isDefault: true,
    userDefinedCloudaicompanionProject: false,
  },
  [STANDARD]: {
    id: STANDARD,
    name: 'Gemini Code Assist',
    description: 'Unlimited coding assistant with the most powerful Gemini models',
    userDefinedCloudaicompanionProject: true,
  },
} as const satisfies Record<string, JsonObject>;

interface Operation {
  name: string;
  project: string;
}

export class Onboarding {
  /** Project by account. */
  readonly #projects = new Map<string, string>();
  readonly #operations = new Map<string, Operation>();

  clear(): void {
    this.#projects.clear();
    this.#operations.clear();
  }

  /** `account` names the caller; what the body brings is the user's own project. */
  load(account: string, body: unknown): JsonObject {
    const own = stringOf(objectOf(body)['cloudaicompanionProject']);
    const project = own || this.projectOf(account);
    const allowedTiers = Object.values(TIERS);
    if (project === null) return { allowedTiers, ineligibleTiers: [] };
    return {
      currentTier: own === '' ? TIERS[FREE] : TIERS[STANDARD],
      allowedTiers,
      ineligibleTiers: [],
      cloudaicompanionProject: project,
      gcpManaged: own === '',
    };
  }

  /** Not done the first time; done once it was asked for, or asked again. */
  begin(account: string, body: unknown): JsonObject | Failure {
    const { tierId, cloudaicompanionProject } = objectOf(body);
    const own = stringOf(cloudaicompanionProject);
    if (tierId !== FREE && tierId !== STANDARD && tierId !== 'legacy-tier') {
      return { status: 400, message: 'Invalid tier id.' };
    }
    if (tierId === FREE && own !== '') {
      return {
        status: 400,
        type: 'FAILED_PRECONDITION',
        message: 'Precondition check failed: a project cannot be set for the free tier.',
      };
    }
    if (tierId !== FREE && (own === '' || /^\d+$/u.test(own))) {
      return {
        status: 400,
        type: 'FAILED_PRECONDITION',
        message: 'Precondition check failed: the tier needs the id of a project.',
      };
    }
    if (this.#projects.has(account)) return done(this.#operationOf(account, own));
    const operation = this.#operationOf(account, own);
    this.#operations.set(operation.name, operation);
    this.#projects.set(account, operation.project);
    return { name: operation.name, done: false };
  }

  poll(name: string): JsonObject | null {
    const operation = this.#operations.get(name);
    return operation === undefined ? null : done(operation);
  }

  /** `null` for an account that has to be set up first. */
  projectOf(account: string): string | null {
    return this.#projects.get(account) ?? (NEW_ACCOUNT.test(account) ? null : managedProject(account));
  }

  #operationOf(account: string, own: string): Operation {
    return { name: seededId('operations/', account), project: own || managedProject(account) };
  }
}

function done({ name, project }: Operation): JsonObject {
  return {
    name,
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.internal.cloud.code.v1internal.OnboardUserResponse',
      cloudaicompanionProject: { id: project, name: project, projectNumber: '123456789012' },
    },
  };
}

function managedProject(account: string): string {
  return `managed-${digest(account).slice(0, 8)}`;
}

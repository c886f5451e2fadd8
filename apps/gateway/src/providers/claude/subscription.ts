// Owns which models a Claude subscription includes: Opus is not in the free one, and only its newer models are in Pro.

export const subscriptions = ['free', 'pro', 'max', 'team', 'enterprise'] as const;
export type Subscription = (typeof subscriptions)[number];

/** The first Opus that Pro includes. */
const PRO_OPUS = { major: 4, minor: 5 };
/** `claude-opus-4-5-20251101`, `claude-opus-5`, and the older `claude-3-opus-20240229`; dates are no versions. */
const OPUS_VERSION = /opus-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/;

/** Null where the subscription includes the model or is not known. */
export function lackedBySubscription(model: string, subscription: Subscription | undefined): string | null {
  const name = model.toLowerCase();
  if (!name.includes('opus')) return null;
  if (subscription === 'free') return 'a free subscription has no Opus';
  if (subscription !== 'pro' || isInPro(name)) return null;
  return `a pro subscription has Opus ${PRO_OPUS.major}.${PRO_OPUS.minor} and later only`;
}

function isInPro(name: string): boolean {
  // A bare alias means the vendor's current Opus.
  if (!/\d/.test(name)) return true;
  const [, major, minor] = OPUS_VERSION.exec(name) ?? [];
  if (major === undefined) return false;
  const version = { major: Number(major), minor: Number(minor ?? 0) };
  return (
    version.major > PRO_OPUS.major || (version.major === PRO_OPUS.major && version.minor >= PRO_OPUS.minor)
  );
}

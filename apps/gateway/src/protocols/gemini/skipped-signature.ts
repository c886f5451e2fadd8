// Owns the value that stands for a missing signature.

/** Google takes it in the place of a call's proof, where the call was made by another model. */
export const SKIPPED_SIGNATURE = 'skip_thought_signature_validator';

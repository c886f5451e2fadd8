// Owns the refusal of one among many, in the shape in which pages tell of refusals.

export class BatchRefusal extends Error {
  override readonly name = 'ApiError';
  readonly problem: { code: string; detail: string; requestId: string };

  constructor({ code, detail }: { code: string; detail: string }) {
    super(detail);
    this.problem = { code, detail, requestId: '' };
  }
}

// Owns tools whose names the upstream would refuse: they go out under another, and come back under their own.
import { createHash } from 'node:crypto';
import type { AnswerBlock, CanonicalEvent, CanonicalMessage, CanonicalRequest } from '../canonical.ts';

/** What every dialect takes: 55 characters that remind of the name, and 8 that tell it from others. */
const KEPT_LENGTH = 55;
const HASH_LENGTH = 8;

export class ToolNames {
  readonly #toUpstream: ReadonlyMap<string, string>;
  readonly #toClient: ReadonlyMap<string, string>;

  private constructor(toUpstream: ReadonlyMap<string, string>) {
    this.#toUpstream = toUpstream;
    this.#toClient = new Map([...toUpstream].map(([name, legal]) => [legal, name]));
  }

  /** `legal` matches the names that the upstream takes; absent: it takes all. */
  static of(request: CanonicalRequest, legal: RegExp | undefined): ToolNames {
    const renamed = new Map<string, string>();
    if (legal === undefined) return new ToolNames(renamed);
    for (const name of namesIn(request)) if (!legal.test(name)) renamed.set(name, legalName(name));
    return new ToolNames(renamed);
  }

  /** The request with the names that its upstream takes; the very same where it takes them all. */
  rename(request: CanonicalRequest): CanonicalRequest {
    if (this.#toUpstream.size === 0) return request;
    const { tools, toolChoice, messages } = request;
    return {
      ...request,
      tools: tools.map((tool) => (tool.type === 'function' ? this.#renamed(tool) : tool)),
      toolChoice: toolChoice?.type === 'tool' ? this.#renamed(toolChoice) : toolChoice,
      messages: messages.map((message) => this.#renameCalls(message)),
    };
  }

  /** The blocks of an answer, its calls as the client knows their tools. */
  restoreCalls(blocks: readonly AnswerBlock[]): readonly AnswerBlock[] {
    if (this.#toClient.size === 0) return blocks;
    return blocks.map((block) => (block.type === 'tool_call' ? this.#restored(block) : block));
  }

  /** Likewise for an event of a stream. */
  restoreStart(event: CanonicalEvent): CanonicalEvent {
    if (event.type !== 'block_start' || event.block.type !== 'tool_call') return event;
    return { ...event, block: this.#restored(event.block) };
  }

  #restored<Named extends { readonly name: string }>(named: Named): Named {
    return { ...named, name: this.#toClient.get(named.name) ?? named.name };
  }

  #renamed<Named extends { readonly name: string }>(named: Named): Named {
    return { ...named, name: this.#toUpstream.get(named.name) ?? named.name };
  }

  #renameCalls(message: CanonicalMessage): CanonicalMessage {
    return {
      ...message,
      content: message.content.map((block) => (block.type === 'tool_call' ? this.#renamed(block) : block)),
    };
  }
}

function* namesIn({ tools, messages }: CanonicalRequest): Iterable<string> {
  for (const tool of tools) if (tool.type === 'function') yield tool.name;
  for (const { content } of messages) {
    for (const block of content) if (block.type === 'tool_call') yield block.name;
  }
}

function legalName(name: string): string {
  const kept = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').replace(/^(?![a-zA-Z_])/, '_');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${kept.slice(0, KEPT_LENGTH)}_${hash}`;
}

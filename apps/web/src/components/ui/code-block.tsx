'use client';
// Owns a piece of text to paste somewhere: settings, a command; with its copy button.
import { CopyButton } from './copy-button';

interface CodeBlockProps {
  code: string;
  /** What the text is, for everybody who does not see it. */
  label: string;
  /** Name of the button, e.g. "Copy settings". */
  copyLabel: string;
  onCopied?: () => void;
}

export function CodeBlock({ code, label, copyLabel, onCopied }: CodeBlockProps) {
  return (
    <div className="relative min-w-0 rounded-control border border-line bg-sunken">
      {/* Wrapped, not scrolled: everything is in sight, and nothing needs the keyboard. */}
      <pre
        aria-label={label}
        className="whitespace-pre-wrap break-all py-2.5 pr-12 pl-3 font-mono text-xs leading-5 max-sm:pr-14"
      >
        <code>{code}</code>
      </pre>
      <CopyButton
        text={code}
        label={copyLabel}
        {...(onCopied === undefined ? {} : { onCopied })}
        className="absolute top-1 right-1 bg-sunken!"
      />
    </div>
  );
}

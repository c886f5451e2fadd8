'use client';
// Owns copying to the clipboard: the button says that it worked, on the spot.
import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { copyText } from '@/lib/clipboard';
import { Button, type ButtonProps, IconButton } from './button';
import { notify } from './notify';

interface CopyButtonProps extends Omit<ButtonProps, 'children' | 'onClick' | 'onCopy'> {
  text: string;
  /** Its name, e.g. "Copy request id"; shown as text with `withText`. */
  label: string;
  withText?: boolean;
  onCopied?: () => void;
}

export function CopyButton({ text, label, withText = false, onCopied, ...rest }: CopyButtonProps) {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    if (await copyText(text)) {
      setCopied(true);
      onCopied?.();
    } else {
      notify.error(t('copyFailed'));
    }
  }

  const icon = copied ? <Check className="text-ok-text" /> : <Copy />;
  const common = { ...rest, icon, onClick: () => void copy() };
  return (
    <>
      {withText ? (
        <Button {...common}>{copied ? t('copied') : label}</Button>
      ) : (
        <IconButton size="iconSmall" {...common} label={copied ? t('copied') : label} />
      )}
      <span aria-live="polite" className="sr-only">
        {copied ? t('copied') : ''}
      </span>
    </>
  );
}

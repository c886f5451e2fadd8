'use client';
// Owns what follows an account that was added or signed in: what it is now, and the test whether it works.
import type { Account } from '@crs/shared';
import { Pencil } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button, LinkButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { links } from '@/lib/paths';
import { ConnectionTest } from './connection-test';

interface AccountReadyProps {
  account: Account;
  title: string;
  help: string;
  /** Facts of the account, below the help. */
  children?: ReactNode;
  /** The press that led here asked for the test. */
  autoTest?: boolean;
  onClose: () => void;
  onTested: () => void;
  onEdit?: (account: Account) => void;
}

export function AccountReady(props: AccountReadyProps) {
  const { account, title, help, children, autoTest = false, onClose, onTested, onEdit } = props;
  const t = useTranslations('accounts');
  const [works, setWorks] = useState(false);
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={onClose}
      title={title}
      footer={
        <>
          {onEdit !== undefined && (
            <Button variant="ghost" icon={<Pencil />} onClick={() => onEdit(account)} className="mr-auto">
              {t('edit')}
            </Button>
          )}
          <Button onClick={onClose}>{t('done')}</Button>
          {works && (
            <LinkButton href={links.newKey} variant="primary">
              {t('toKeys')}
            </LinkButton>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Alert tone={children === undefined ? 'info' : 'ok'}>
          <p>{help}</p>
          {children}
        </Alert>
        <ConnectionTest
          account={account}
          autoStart={autoTest}
          onDone={(result) => {
            setWorks(result.ok);
            onTested();
          }}
        />
      </div>
    </Dialog>
  );
}

// Owns the words for what a schema found wrong before anything was sent.
import type { z } from 'zod';
import type { useTranslations } from 'next-intl';

type ErrorTranslator = ReturnType<typeof useTranslations<'errors'>>;
type Issue = z.core.$ZodIssue;

/** One issue in the reader's language; the schema's own words where it has special ones. */
export function issueText(issue: Issue, t: ErrorTranslator): string {
  switch (issue.code) {
    case 'too_small': {
      const minimum = Number(issue.minimum);
      if (issue.origin === 'string')
        return minimum <= 1 ? t('field.required') : t('field.tooShort', { minimum });
      if (issue.origin === 'array') return t('field.tooFew', { minimum });
      return t('field.tooLow', { minimum });
    }
    case 'too_big': {
      const maximum = Number(issue.maximum);
      if (issue.origin === 'string') return t('field.tooLong', { maximum });
      if (issue.origin === 'array') return t('field.tooMany', { maximum });
      return t('field.tooHigh', { maximum });
    }
    case 'invalid_type':
      return issue.input === undefined ? t('field.required') : t('field.wrongType');
    case 'invalid_format':
      return issue.format === 'url' ? t('field.notUrl') : t('field.wrongFormat');
    case 'custom':
      return issue.message === '' ? t('field.wrongFormat') : issue.message;
    default:
      return t('field.wrongFormat');
  }
}

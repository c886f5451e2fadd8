// Owns the page of addresses that lead nowhere (`404.html` of the export).
import { NotFoundPage } from '@/features/not-found/not-found-page';

export default function NotFound() {
  return <NotFoundPage />;
}

// Owns the address of one request.
import { RequestPage } from '@/features/requests/request-page';

export default function Page() {
  return <RequestPage />;
}

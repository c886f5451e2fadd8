// Owns the address of the password form.
import { ChangePasswordPage } from '@/features/auth/change-password-page';

export default function Page() {
  return <ChangePasswordPage />;
}

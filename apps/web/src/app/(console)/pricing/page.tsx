// Owns the address of the prices.
import { PricingPage } from '@/features/pricing/pricing-page';

export default function Page() {
  return <PricingPage />;
}

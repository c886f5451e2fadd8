// Owns the address of the account groups.
import { GroupsPage } from '@/features/groups/groups-page';

export default function Page() {
  return <GroupsPage />;
}

'use client';
// Owns the dashboard's shape while the first answer is on its way.
import { Skeleton } from '@/components/ui/skeleton';

const five = [0, 1, 2, 3, 4] as const;
const four = [0, 1, 2, 3] as const;
const boxLook = 'rounded-card border border-line bg-surface';

export function DashboardSkeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
        {five.map((index) => (
          <div
            key={index}
            className={`${boxLook} ${index === 4 ? 'max-md:col-span-2' : ''} flex h-[112px] flex-col gap-3 px-4 py-4`}
          >
            <Skeleton className="h-3 w-16" />
            <Skeleton className="h-6 w-28" />
            <Skeleton className="h-3 w-full max-w-40" />
          </div>
        ))}
      </div>
      <div className={`${boxLook} flex h-[38px] items-center px-4`}>
        <Skeleton className="h-3 w-48" />
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        {four.map((index) => (
          <div key={index} className={`${boxLook} flex h-[278px] flex-col gap-4 p-4`}>
            <Skeleton className="h-3 w-32" />
            <Skeleton className="min-h-0 w-full flex-1" />
          </div>
        ))}
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        {four.map((index) => (
          <div key={index} className={`${boxLook} flex h-[256px] flex-col gap-5 p-4`}>
            <Skeleton className="h-3 w-24" />
            <Skeleton className="h-3 w-full" />
            <Skeleton className="h-3 w-full" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        ))}
      </div>
    </div>
  );
}

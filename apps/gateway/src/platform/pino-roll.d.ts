// The part of pino-roll that is used; the package brings no types.
declare module 'pino-roll' {
  export interface RollOptions {
    readonly file: string;
    readonly extension: string;
    readonly frequency: 'daily';
    readonly dateFormat: string;
    readonly size: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly sync: boolean;
    readonly mode: number;
  }
  export interface RollingStream {
    write(line: string): boolean;
    flush(): void;
    end(): void;
    on(name: 'error', listener: (error: Error) => void): this;
    on(name: 'close', listener: () => void): this;
  }
  export default function roll(options: RollOptions): Promise<RollingStream>;
}

import { describe, expect, test } from 'vitest';
import { assertPublicHost, isPrivateAddress, PrivateHostError } from './private-address.ts';

describe('isPrivateAddress', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.8.9.10', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['169.254.169.254', 'link-local, cloud metadata'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['198.18.0.1', 'benchmarking'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fc00::1', 'unique local'],
    ['fd12:3456::1', 'unique local'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'mapped loopback'],
    ['::ffff:a00:1', 'mapped private, in hexadecimal'],
    ['::7f00:1', 'compatible loopback'],
    ['64:ff9b::a00:1', 'NAT64 of a private address'],
    ['2002:a00:1::', '6to4'],
    ['2001:db8::1', 'documentation'],
    ['localhost', 'no address'],
    ['', 'nothing'],
  ])('refuses %s (%s)', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    'lets %s pass',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('assertPublicHost', () => {
  test('one private address among several refuses the name', async () => {
    const lookup = async () => ['8.8.8.8', '10.0.0.5'];
    await expect(assertPublicHost('upstream.example', lookup)).rejects.toThrow(
      new PrivateHostError(
        'upstream.example resolves to 10.0.0.5, a private, loopback or link-local address',
      ),
    );
  });

  test('addresses are judged without a lookup, in brackets too', async () => {
    const lookup = async (): Promise<string[]> => {
      throw new Error('not to be called');
    };
    await expect(assertPublicHost('[::1]', lookup)).rejects.toThrow(PrivateHostError);
    await expect(assertPublicHost('8.8.8.8', lookup)).resolves.toBeUndefined();
  });

  test('a name that does not resolve passes: connections are checked when they are made', async () => {
    const lookup = async (): Promise<string[]> => {
      throw new Error('ENOTFOUND');
    };
    await expect(assertPublicHost('upstream.example', lookup)).resolves.toBeUndefined();
  });
});

import { maskUrl } from '../core/config/index.ts';

/** `git@github.com:owner/name.git`: no scheme, and one colon before the first slash; two name a program to be run. */
const SCP_LIKE = /^(?:[\w.-]+@)?\w[\w.-]*:(?!\/\/|:)/;

/** A remote's address as it may be shown: the user of ssh stays, every password and every user of a web address goes. */
export function shownAddress(address: string): string {
  if (!address.includes('://')) return SCP_LIKE.test(address) || !address.includes('@') ? address : maskUrl(address);
  if (!URL.canParse(address)) return maskUrl(address);
  const url = new URL(address);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  if (url.password === '' && (url.username === '' || !isWeb)) return maskUrl(address);
  url.password = '';
  if (isWeb) url.username = '';
  return maskUrl(url.href);
}

/** Whether git would take it for ssh. */
export function isSshAddress(address: string): boolean {
  return /^(?:git\+)?ssh:\/\//i.test(address) || (!address.includes('://') && SCP_LIKE.test(address));
}

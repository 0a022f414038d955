// The site's own words: translate them here and in the templates.

export const boxes = {
  objectives: 'What you will learn',
  activity: 'Activity',
  reflection: 'Reflection',
  case_study: 'Case study',
  info: 'Good to know',
  tip: 'Tip',
  example: 'Example',
  extra: 'More',
  card: 'Card',
};

export const worksheetRoles = {
  first: 'Fill in the worksheet',
  again: 'Go back to the worksheet',
  end: 'Fill in the worksheet once more',
};

const providers = { youtube: 'YouTube', vimeo: 'Vimeo', ted: 'TED' };

/** The name of a provider, or else that of the server. */
export const providerName = (provider, url) => providers[provider] || provider || hostname(url);

export const hostname = (url) => (URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : '');

/** Seconds as people say them: 13 min 52 s. */
export function duration(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return [h && `${h} h`, m && `${m} min`, s && `${s} s`].filter(Boolean).join(' ') || '0 s';
}

export function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

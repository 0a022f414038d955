import { chromium } from 'playwright-core';

const offline = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';

/** Where Chromium is. */
export const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A Chromium that can reach this machine only. */
export const launch = () => chromium.launch({ executablePath: executable, args: ['--no-sandbox', offline] });

<?php
/**
 * Constants that WordPress defines while it loads, for PHPStan: the stubs hold
 * functions and classes only.
 */

declare(strict_types=1);

const ABSPATH           = '/';
const WPINC             = 'wp-includes';
const WP_CONTENT_DIR    = '/wp-content';
const MINUTE_IN_SECONDS = 60;
const HOUR_IN_SECONDS   = 3600;
const DAY_IN_SECONDS    = 86400;
const WEEK_IN_SECONDS   = 604800;
const MONTH_IN_SECONDS  = 2592000;
const YEAR_IN_SECONDS   = 31536000;
const KB_IN_BYTES       = 1024;
const MB_IN_BYTES       = 1048576;
const OBJECT            = 'OBJECT';
const OBJECT_K          = 'OBJECT_K';
const ARRAY_A           = 'ARRAY_A';
const ARRAY_N           = 'ARRAY_N';

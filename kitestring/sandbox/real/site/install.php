<?php
// Sets up the empty WordPress and prints, as JSON, the application passwords of its two users: admin and reader.
define('WP_INSTALLING', true);
// WordPress looks at these even on the command line.
$_SERVER['HTTP_HOST'] = parse_url(getenv('REAL_WP_URL'), PHP_URL_HOST);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_URI'] = '/';
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

function done($result)
{
    if (is_wp_error($result)) {
        fwrite(STDERR, $result->get_error_message() . "\n");
        exit(1);
    }
    return $result;
}

function application_password($user)
{
    return done(WP_Application_Passwords::create_new_application_password($user, ['name' => 'Kitestring']))[0];
}

$password = bin2hex(random_bytes(16));
$admin = done(wp_install('Kitestring test site', 'admin', 'admin@example.test', true, '', $password))['user_id'];
$reader = done(wp_insert_user([
    'user_login' => 'reader',
    'user_email' => 'reader@example.test',
    'display_name' => 'A reader',
    'user_pass' => bin2hex(random_bytes(16)),
    'role' => 'subscriber',
]));
update_option('permalink_structure', '/%postname%/');
update_option('comment_moderation', '1'); // every stranger's comment waits for somebody to approve it
foreach (get_comments(['fields' => 'ids']) as $sample) {
    wp_delete_comment($sample, true);
}
echo json_encode([
    'admin_password' => $password,
    'admin' => application_password($admin),
    'reader' => application_password($reader),
]), "\n";

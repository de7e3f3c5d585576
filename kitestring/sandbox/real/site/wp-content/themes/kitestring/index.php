<!doctype html>
<html <?php language_attributes(); ?>>
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <link rel="stylesheet" href="<?php echo esc_url(get_stylesheet_uri()); ?>">
  <?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<?php while (have_posts()) : the_post(); ?>
  <article>
    <h1><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h1>
    <?php the_post_thumbnail(); the_content(); ?>
  </article>
  <?php if (is_singular()) : ?>
    <ol><?php wp_list_comments([], get_comments(['post_id' => get_the_ID(), 'status' => 'approve'])); ?></ol>
  <?php endif; ?>
<?php endwhile; wp_footer(); ?>
</body>
</html>

"""Parts of files labelled by the workers of a cluster, which an engine schedules: Ray Data."""

"""Tables: texts or words in rows of CSV, TSV or Parquet."""

"""Fine-tuning, export to ONNX, quantisation and calibration; for `ner-tui train` and `models add` alone."""

"""The two seams, Detector and Inpainter, and the engines behind them."""

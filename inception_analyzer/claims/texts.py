"""The texts whose statements are judged: three retellings and the papers that they retell."""

from __future__ import annotations

TEXTS = {
    "001": "K_03 Understanding of Inception (WikiDocs)",
    "002": "a review of the Inception-v3 paper (Korean blog)",
    "003": "slides on Rethinking the Inception Architecture",
    "P1": "Going Deeper with Convolutions (1409.4842)",
    "PB": "Batch Normalization (1502.03167)",
    "P3": "Rethinking the Inception Architecture (1512.00567)",
    "P4": "Inception-v4, Inception-ResNet (1602.07261)",
    "VGG": "Very Deep Convolutional Networks (1409.1556)",
    "RN": "Deep Residual Learning (1512.03385)",
}

"""Topics of what is seen in pictures and videos, beyond the commonest tasks."""

from __future__ import annotations

from index.ranking.topics.topic import Topic

SIGHT: dict[str, Topic] = {
    "street scenes": Topic(
        ("street", "streets", "urban", "urban scenes", "street scenes", "driving scenes", "city pictures", "roads",
         "pedestrians"),
        ("cityscapes", "camvid", "kitti", "street", "road", "pedestrian"),
        "pictures of streets with cars, roads and people",
    ),
    "tracking": Topic(("object tracking", "tracker", "track objects", "multi object tracking"),
                      ("tracker", "tracking", "kalman", "siamrpn", "deepsort", "mot"),
                       "objects are followed through a video"),
    "people found again": Topic(("re identification", "reid", "person search", "pedestrian attributes"),
                                ("reid", "market1501", "pid", "camid", "duke"),
                                 "the same person in pictures of several cameras"),
    "restoration": Topic(
        ("deblur", "deblurring", "dehaze", "dehazing", "derain", "raindrop", "low light", "image restoration",
         "jpeg artifacts"),
        ("blur", "deblur", "haze", "dehaze", "derain", "low_light", "restoration"),
        "blur, haze, rain or darkness are taken out of a picture",
    ),
    "compression of images": Topic(("image compression", "compression of images", "bits per pixel",
                                    "learned compression"),
                                   ("bpp", "entropy_coder", "entropy_bottleneck", "rate_distortion", "msssim"),
                                   "as few bits as possible are stored for a photo: rate against distortion"),
    "hidden messages": Topic(("steganography", "watermark", "watermarks", "hidden message"), ("stego",
                                                                                              "steganography",
                                                                                              "watermark"),
                             "a message is hidden in a picture"),
    "faked faces": Topic(("deepfake", "deepfakes", "face swap", "fake faces"), ("deepfake", "faceswap", "decoder_a",
                                                                                "decoder_b"),
                         "faces are exchanged, or such fakes found"),
    "hands and signs": Topic(
        ("hand gesture", "hand gestures", "sign language", "gestures", "finger"),
        ("gesture", "gestures", "asl", "sign_language"), "what hands say",
    ),
    "gaze and lips": Topic(("gaze", "eye tracking", "lip reading", "lips"), ("gaze", "eye_tracking", "lipread", "lips"),
                           "where eyes look, what lips say"),
    "crowds": Topic(("crowd counting", "crowd", "count people", "density map"), ("crowd", "density_map",
                                                                                 "shanghaitech"),
                    "people in a crowd are counted"),
    "matting and saliency": Topic(("matting", "saliency", "salient", "background removal", "cut out the background"),
                                  ("matting", "trimap", "saliency", "salient"),
                                   "what stands before a background is cut out"),
    "edges and contours": Topic(("edge detection", "contours", "boundaries", "lane detection", "lanes"),
                                ("edge_detection", "hed", "contour", "contours", "lane", "canny"),
                                 "edges, borders and lanes are found"),
    "plates and documents": Topic(("license plate", "number plate", "receipts", "layout of documents",
                                   "scanned documents"),
                                  ("plate", "ccpd", "receipt", "license_plate"), "what stands on plates and papers"),
    "handwriting": Topic(("handwriting", "handwritten text", "handwriting generation", "pen strokes"),
                         ("handwriting", "iam", "strokes", "handwritten"), "handwritten words are read or written"),
    "scans of the body": Topic(
        ("mri", "ct scan", "ct scans", "x ray", "x rays", "brain tumour", "retina", "skin cancer", "histopathology",
         "ultrasound"),
        ("mri", "ct", "xray", "tumor", "lesion", "retina", "nodule", "dicom", "brats", "slices"),
        "pictures of the inside of the body: tumours, bones, vessels",
    ),
}  # fmt: skip

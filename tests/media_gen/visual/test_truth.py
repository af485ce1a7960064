"""Maps and annotations agree with geometry worked out here from K, the pose and the boxes alone."""

import numpy as np
import pytest

from media_gen.visual.masks import decode_rle
from tests.media_gen.visual.conftest import Picture

HALF_STEP = 0.0006  # metres: half a unit of the depth map, and float32
SKY, FLOOR = 0, 1


def in_box(picture: Picture, thing: dict) -> np.ndarray:
    """World points under the object's pixels, in the frame of its box."""
    seen = picture.pixels("instance") == thing["id"]
    transform = np.array(thing["box3d"]["transform"])
    return (picture.points[seen] - transform[:3, 3]) @ transform[:3, :3]


def projected(picture: Picture, points: np.ndarray) -> np.ndarray:
    in_camera = (points - picture.pose[:3, 3]) @ picture.pose[:3, :3]
    assert (in_camera[:, 2] > 0).all()
    image = in_camera @ picture.intrinsics.T
    return image[:, :2] / image[:, 2:]


def test_camera_is_rigid_and_upright(picture: Picture) -> None:
    rotation = picture.pose[:3, :3]
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-5)
    assert np.linalg.det(rotation) == pytest.approx(1, abs=1e-5)
    assert rotation[2, 0] == pytest.approx(0, abs=1e-6)
    assert rotation[2, 1] < 0, "the image's y axis points down"


def test_boxes_hold_the_projected_corners(picture: Picture) -> None:
    height, width = picture.depth.shape
    for thing in picture.objects:
        corners = projected(picture, np.array(thing["box3d"]["corners"]))
        x, y, w, h = thing["bbox_loose"]
        assert x >= np.floor(max(corners[:, 0].min(), 0)) - 1
        assert y >= np.floor(max(corners[:, 1].min(), 0)) - 1
        assert x + w <= np.ceil(min(corners[:, 0].max(), width)) + 1
        assert y + h <= np.ceil(min(corners[:, 1].max(), height)) + 1


def test_corners_are_the_transformed_extents(picture: Picture) -> None:
    for thing in picture.objects:
        box, transform = thing["box3d"], np.array(thing["box3d"]["transform"])
        local = (np.array(box["corners"]) - transform[:3, 3]) @ transform[:3, :3]
        assert np.abs(local) == pytest.approx(np.tile(np.array(box["extents"]) / 2, (8, 1)), abs=1e-5)
        assert len({tuple(np.sign(corner)) for corner in local}) == 8


def test_everything_is_framed_and_above_the_floor(picture: Picture) -> None:
    height, width = picture.depth.shape
    corners = np.concatenate([thing["box3d"]["corners"] for thing in picture.objects])
    assert corners[:, 2].min() >= -1e-6
    image = projected(picture, corners)
    assert image.min() >= 0
    assert (image.max(axis=0) <= [width, height]).all()


def test_unprojected_depth_lies_in_the_boxes(picture: Picture) -> None:
    for thing in picture.objects:
        beyond = np.abs(in_box(picture, thing)) - np.array(thing["box3d"]["extents"]) / 2
        assert beyond.size == 0 or beyond.max() < 2 * HALF_STEP


def test_unprojected_depth_lies_on_balls(picture: Picture) -> None:
    for thing in (t for t in picture.objects if t["label"] == "ball"):
        points = in_box(picture, thing)
        radius = thing["box3d"]["extents"][0] / 2
        towards_eye = picture.pose[:3, 3] - np.array(thing["box3d"]["transform"])[:3, 3]
        steep = np.abs(np.linalg.norm(points, axis=1) - radius)
        assert steep.size == 0 or steep.max() < 2 * HALF_STEP
        assert (points @ (np.array(thing["box3d"]["transform"])[:3, :3].T @ towards_eye) > 0).all()


def test_floor_is_flat_and_the_sky_has_no_depth(picture: Picture) -> None:
    semantic = picture.pixels("semantic")
    floor = picture.points[semantic == FLOOR]
    slant = np.abs(floor[:, 2])
    assert len(floor) > 500
    assert slant.max() < 2 * HALF_STEP
    assert ((picture.depth == 0) == (semantic == SKY)).all()


def test_range_is_the_distance_to_the_eye(picture: Picture) -> None:
    solid = picture.depth > 0
    distance = np.linalg.norm(picture.points[solid] - picture.pose[:3, 3], axis=1)
    measured = picture.pixels("range")[solid] * picture.annotations["metres_per_unit"]
    assert measured == pytest.approx(distance, abs=3 * HALF_STEP)


def test_normals_are_of_unit_length_and_face_the_camera(picture: Picture) -> None:
    solid = picture.depth > 0
    normals = picture.normals[solid]
    towards_eye = picture.pose[:3, 3] - picture.points[solid]
    towards_eye /= np.linalg.norm(towards_eye, axis=1, keepdims=True)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(np.ones(len(normals)), abs=0.015)
    assert (normals * towards_eye).sum(axis=1).min() > -0.02
    assert (picture.pixels("normals")[~solid] == 0).all()


def test_normals_of_floor_and_balls_are_known(picture: Picture) -> None:
    up = picture.normals[picture.pixels("semantic") == FLOOR]
    assert up == pytest.approx(np.tile([0.0, 0.0, 1.0], (len(up), 1)), abs=0.01)
    for thing in (t for t in picture.objects if t["label"] == "ball" and t["area"]):
        seen = picture.pixels("instance") == thing["id"]
        outwards = picture.points[seen] - np.array(thing["box3d"]["transform"])[:3, 3]
        normals = picture.normals[seen]
        cosine = (normals * outwards).sum(axis=1) / np.linalg.norm(normals, axis=1)
        assert (cosine / np.linalg.norm(outwards, axis=1)).min() > 0.9999


def test_normals_agree_with_the_slope_of_depth(picture: Picture) -> None:
    """Where three neighbours show the same flat piece, the points span a plane with that normal."""
    points, normals, ids = picture.points, picture.normals, picture.pixels("instance")
    right, down = points[:-1, 1:] - points[:-1, :-1], points[1:, :-1] - points[:-1, :-1]
    spanned = np.cross(down, right)
    length = np.linalg.norm(spanned, axis=-1)
    same = (ids[:-1, :-1] == ids[:-1, 1:]) & (ids[:-1, :-1] == ids[1:, :-1]) & (ids[:-1, :-1] > 0)
    level = (normals[:-1, :-1] * normals[:-1, 1:]).sum(-1), (normals[:-1, :-1] * normals[1:, :-1]).sum(-1)
    flat = same & (np.minimum(*level) > 0.98) & (length > 0)
    cosine = (spanned[flat] * normals[:-1, :-1][flat]).sum(-1) / length[flat]
    assert flat.sum() > 300
    assert np.median(cosine) > 0.995
    assert np.quantile(cosine, 0.02) > 0.9


def test_masks_boxes_and_maps_say_the_same(picture: Picture) -> None:
    ids, semantic = picture.pixels("instance"), picture.pixels("semantic")
    labels = picture.annotations["idToLabels"]
    for number, thing in enumerate(picture.objects, start=1):
        mask = ids == number
        assert thing["id"] == number
        assert (decode_rle(thing["segmentation"]) == mask).all()
        assert thing["area"] == mask.sum()
        assert set(semantic[mask].tolist()) <= {thing["category_id"]}
        assert labels[str(thing["category_id"])] == thing["label"]
        if thing["area"]:
            rows, columns = np.nonzero(mask)
            x, y, w, h = thing["bbox"]
            assert (x, y, x + w, y + h) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        else:
            assert thing["bbox"] is None
    assert set(semantic[ids == 0].tolist()) <= {SKY, FLOOR}


def test_occlusion_never_adds_pixels(picture: Picture) -> None:
    for thing in picture.objects:
        assert 0 <= thing["occlusion"] <= 1
        if thing["bbox"]:
            tight, loose = _edges(thing["bbox"]), _edges(thing["bbox_loose"])
            assert (tight[:2] >= loose[:2]).all()
            assert (tight[2:] <= loose[2:]).all()


def _edges(box: list[int]) -> np.ndarray:
    x, y, w, h = box
    return np.array([x, y, x + w, y + h])

internal import Cryptography
internal import Text

/// The files of the page that the program carries.
///
/// A new file is named here and in `Package.swift`. Its resource has its name without the folder, in which all but letters
/// and digits is `_`.
package enum PageFiles {
    /// The page itself; it names the others as `page/PATH`.
    package static let index = PageFile("index.html", PackageResources.index_html)

    /// What the page loads, by path.
    package static let loaded = [
        PageFile("application.js", PackageResources.application_js),
        PageFile("icon.svg", PackageResources.icon_svg),
        PageFile("manage/class-editor.js", PackageResources.class_editor_js),
        PageFile("manage/downloads.js", PackageResources.downloads_js),
        PageFile("manage/jobs.js", PackageResources.jobs_js),
        PageFile("manage/phantom.js", PackageResources.phantom_js),
        PageFile("manage/project-page.js", PackageResources.project_page_js),
        PageFile("manage/projects-page.js", PackageResources.projects_page_js),
        PageFile("manage/sign-in.js", PackageResources.sign_in_js),
        PageFile("manage/tour.js", PackageResources.tour_js),
        PageFile("manage/upload-item.js", PackageResources.upload_item_js),
        PageFile("manage/upload.js", PackageResources.upload_js),
        PageFile("style/page.css", PackageResources.page_css),
        PageFile("style/workbench.css", PackageResources.workbench_css),
        PageFile("support/announcer.js", PackageResources.announcer_js),
        PageFile("support/api-error.js", PackageResources.api_error_js),
        PageFile("support/api.js", PackageResources.api_js),
        PageFile("support/dom.js", PackageResources.dom_js),
        PageFile("support/event-stream.js", PackageResources.event_stream_js),
        PageFile("support/help-dialog.js", PackageResources.help_dialog_js),
        PageFile("support/keys.js", PackageResources.keys_js),
        PageFile("support/session.js", PackageResources.session_js),
        PageFile("support/text.js", PackageResources.text_js),
        PageFile("support/units.js", PackageResources.units_js),
        PageFile("train/curve-plot.js", PackageResources.curve_plot_js),
        PageFile("train/job-watch.js", PackageResources.job_watch_js),
        PageFile("train/report-panel.js", PackageResources.report_panel_js),
        PageFile("train/train-panel.js", PackageResources.train_panel_js),
        PageFile("view/camera.js", PackageResources.camera_js),
        PageFile("view/composite.js", PackageResources.composite_js),
        PageFile("view/display-panel.js", PackageResources.display_panel_js),
        PageFile("view/display.js", PackageResources.display_js),
        PageFile("view/gestures.js", PackageResources.gestures_js),
        PageFile("view/image-painter.js", PackageResources.image_painter_js),
        PageFile("view/linked-views.js", PackageResources.linked_views_js),
        PageFile("view/open-volume.js", PackageResources.open_volume_js),
        PageFile("view/open-workbench.js", PackageResources.open_workbench_js),
        PageFile("view/overlay.js", PackageResources.overlay_js),
        PageFile("view/scale-bar.js", PackageResources.scale_bar_js),
        PageFile("view/slice-view.js", PackageResources.slice_view_js),
        PageFile("view/status-bar.js", PackageResources.status_bar_js),
        PageFile("view/tabs.js", PackageResources.tabs_js),
        PageFile("view/timeline.js", PackageResources.timeline_js),
        PageFile("view/view-pane.js", PackageResources.view_pane_js),
        PageFile("view/volume-overlays.js", PackageResources.volume_overlays_js),
        PageFile("view/window-control.js", PackageResources.window_control_js),
        PageFile("view/workbench-keys.js", PackageResources.workbench_keys_js),
        PageFile("view/workbench.js", PackageResources.workbench_js),
        PageFile("volume/brick-cache.js", PackageResources.brick_cache_js),
        PageFile("volume/brick-frames.js", PackageResources.brick_frames_js),
        PageFile("volume/brick-queue.js", PackageResources.brick_queue_js),
        PageFile("volume/brick-source.js", PackageResources.brick_source_js),
        PageFile("volume/brick-volume.js", PackageResources.brick_volume_js),
        PageFile("volume/bricks.worker.js", PackageResources.bricks_worker_js),
        PageFile("volume/geometry.js", PackageResources.geometry_js),
        PageFile("volume/label-slices.js", PackageResources.label_slices_js),
        PageFile("volume/overlay-data.js", PackageResources.overlay_data_js),
        PageFile("volume/unpacker.js", PackageResources.unpacker_js),
        PageFile("volume/whole-image.js", PackageResources.whole_image_js),
    ]

    /// Changes whenever one of the files does: part of the paths under which they are served, so that no browser mixes the
    /// files of two versions.
    package static let version = String(
        SHA256.hash(([index] + loaded).flatMap { "\($0.path) \($0.hash)\n".utf8 }).hexadecimal.prefix(16))
}

// Slicewise for ImageJ and Fiji: posts the slice that is shown, or opens the prediction. Needs curl.
// Into the folder `plugins` or `plugins/Scripts`, then Plugins > Slicewise; see Documentation/Fiji.md.
// Another macro may give its answers to the dialog as lines `name=value`.

given = getArgument();
jobs = newArray("send this slice", "get the prediction");
axes = newArray("z", "y", "x");
index = 0;
if (nImages > 0) {
    Stack.getPosition(channel, shown, frame);
    index = shown - 1;
}
if (given == "") {
    Dialog.create("Slicewise");
    Dialog.addChoice("Do", jobs);
    Dialog.addString("Server", recall("server", "http://127.0.0.1:8080"), 30);
    Dialog.addString("Token (if it needs one)", "", 30);
    Dialog.addString("Project", recall("project", ""), 30);
    Dialog.addString("Volume", recall("volume", ""), 30);
    Dialog.addChoice("Axis of the slice", axes, "z");
    Dialog.addNumber("Slice, from 0", index);
    Dialog.addString("What values mean", recall("values", ""), 30);
    Dialog.addMessage("Without a meaning, values are class indices and 255 is unlabeled.\n"
        + "For other values: 0:unlabeled,1:cell,2:background");
    Dialog.show();
    job = Dialog.getChoice();
    server = keep("server", Dialog.getString());
    token = Dialog.getString();
    project = keep("project", Dialog.getString());
    volume = keep("volume", Dialog.getString());
    axis = Dialog.getChoice();
    index = Dialog.getNumber();
    values = keep("values", Dialog.getString());
} else {
    job = answer("do", jobs[0]);
    server = answer("server", "http://127.0.0.1:8080");
    token = answer("token", "");
    project = answer("project", "");
    volume = answer("volume", "");
    axis = answer("axis", "z");
    index = parseInt(answer("index", "" + index));
    values = answer("values", "");
}

address = server + "/v1/projects/" + encode(project) + "/volumes/" + encode(volume);
folder = getDirectory("temp");
stamp = "slicewise-" + getTime();
if (job == jobs[0]) send(); else fetch();

function send() {
    if (nImages == 0) exit("Open the image whose slice is to be sent.");
    path = folder + stamp + ".tif";
    unseen = is("Batch Mode");
    if (!unseen) setBatchMode(true);
    original = getImageID();
    selected = selectionType() != -1;
    if (selected) run("Select None"); // or only the selection would be sent
    run("Duplicate...", "title=" + stamp);
    saveAs("Tiff", path);
    close();
    selectImage(original);
    if (selected) run("Restore Selection");
    if (!unseen) setBatchMode(false);
    query = "?axis=" + axis + "&index=" + index;
    if (values != "") query += "&values=" + encode(values);
    told = curl(address + "/annotations" + query, "data-binary = \"@" + plain(path) + "\"\n");
    gone = File.delete(path);
    report("201", told);
}

function fetch() {
    path = folder + stamp + "-prediction.tif";
    told = curl(address + "/prediction?format=tiff", "output = \"" + plain(path) + "\"\n");
    if (!endsWith(told, "200")) {
        if (File.exists(path)) told = File.openAsString(path) + told;
        report("200", told);
    }
    open(path);
    rename(volume + " prediction");
    gone = File.delete(path);
    print("Slicewise: the prediction of " + volume + " is open.");
}

// Runs curl and returns the body of the answer, if it goes to no file, and its status in a last line.
function curl(url, more) {
    settings = folder + stamp + ".curl"; // not on the command line, where others could read the token
    text = "silent\nshow-error\nwrite-out = \"\\n%{http_code}\"\nurl = \"" + url + "\"\n" + more;
    if (token != "") text += "header = \"Authorization: Bearer " + token + "\"\n";
    File.saveString(text, settings);
    told = exec("curl", "-K", settings);
    gone = File.delete(settings);
    return String.trim(told);
}

function report(wanted, told) {
    if (!endsWith(told, wanted)) exit("Slicewise: " + told);
    print("Slicewise: " + told);
}

function recall(name, otherwise) { return call("ij.Prefs.get", "slicewise." + name, otherwise); }

function keep(name, value) {
    call("ij.Prefs.set", "slicewise." + name, value);
    return value;
}

// The value of a line `name=value` of the argument.
function answer(name, otherwise) {
    lines = split(given, "\n");
    for (i = 0; i < lines.length; i++)
        if (startsWith(lines[i], name + "=")) return substring(lines[i], lengthOf(name) + 1);
    return otherwise;
}

function plain(path) { return replace(path, "\\", "/"); }

// A text as it stands in an address: UTF-8, with % before the code of all that is no letter or digit.
function encode(text) {
    result = "";
    for (i = 0; i < lengthOf(text); i++) {
        letter = substring(text, i, i + 1);
        code = charCodeAt(text, i);
        if (matches(letter, "[A-Za-z0-9._~-]")) result = result + letter;
        else if (code < 128) result = result + byte(code);
        else if (code < 2048) result = result + byte(192 + floor(code / 64)) + byte(128 + code % 64);
        else result = result + byte(224 + floor(code / 4096)) + byte(128 + floor(code / 64) % 64) + byte(128 + code % 64);
    }
    return result;
}

function byte(code) {
    digits = toHex(code);
    if (lengthOf(digits) < 2) digits = "0" + digits;
    return "%" + digits;
}

// Reads the number drawn in each picture that the page's video shows; eight blocks of 64 pixels, least bit first.
const video = document.querySelector('video');
const sightings = [];
const canvas = document.createElement('canvas');
canvas.width = 512;
canvas.height = 64;
const drawing = canvas.getContext('2d', { willReadFrequently: true });

function read() {
  const atMs = Date.now();
  drawing.drawImage(video, 0, 0, 512, 64, 0, 0, 512, 64);
  let stamp = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    const [red] = drawing.getImageData(bit * 64 + 32, 32, 1, 1).data;
    if (red > 127) stamp += 2 ** bit;
  }
  sightings.push([stamp, atMs]);
  video.requestVideoFrameCallback(read);
}
video.requestVideoFrameCallback(read);

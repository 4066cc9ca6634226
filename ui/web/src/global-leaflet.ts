/** protomaps-leaflet expects Leaflet under the global name L; the build hands it this one. */
export * as L from "leaflet";

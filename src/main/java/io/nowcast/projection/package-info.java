/**
 * Map projections of radar grids: translates between the words of ODIM_H5, CF and GeoTIFF, and
 * finds where a longitude and latitude lie. The only importer of Proj4J.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames"})
package io.nowcast.projection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

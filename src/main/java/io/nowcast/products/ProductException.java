package io.nowcast.products;

/** A product or region that cannot be made of this forecast. The message says why. */
public final class ProductException extends RuntimeException {

    ProductException(String message) {
        super(message);
    }
}

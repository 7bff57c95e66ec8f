package io.nowcast.codec;

/** Orders names as people do: numbers within them by value, so that f2.png precedes f10.png. */
final class NaturalOrder {

    private NaturalOrder() {}

    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endOfA = endOfDigits(a, i);
            int endOfB = endOfDigits(b, j);
            if (endOfA > i && endOfB > j) {
                int order = compareNumbers(a.substring(i, endOfA), b.substring(j, endOfB));
                if (order != 0) {
                    return order;
                }
                i = endOfA;
                j = endOfB;
            } else if (a.charAt(i) != b.charAt(j)) {
                return Character.compare(a.charAt(i), b.charAt(j));
            } else {
                i++;
                j++;
            }
        }
        int order = Integer.compare(a.length() - i, b.length() - j);
        return order != 0 ? order : a.compareTo(b);
    }

    /** By value, however many digits there are. */
    private static int compareNumbers(String a, String b) {
        String x = a.replaceFirst("^0+", "");
        String y = b.replaceFirst("^0+", "");
        int order = Integer.compare(x.length(), y.length());
        return order != 0 ? order : x.compareTo(y);
    }

    private static int endOfDigits(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}

"""A long run of hostile requests at the site as shipped: no error, no slow answer, no growing memory."""

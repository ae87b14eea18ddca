package callback

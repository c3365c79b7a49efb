"""What weeks show: questionnaires, measuring error, trends, sides, trials. Pure: values in, values out; time is an argument."""
